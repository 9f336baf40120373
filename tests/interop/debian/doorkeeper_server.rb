# doorkeeper with doorkeeper-openid_connect in one file: doorkeeper_server.rb PORT FOLDER URL CLIENT_ID REDIRECT_URI

port, folder, url, client_id, redirect_uri = ARGV

ENV["RAILS_ENV"] = "production"
ENV["DATABASE_URL"] = "sqlite3:#{File.join(folder, "db")}?pool=16&timeout=10000"
require "rails"
require "active_record/railtie"
require "action_controller/railtie"
require "sqlite3"
require "doorkeeper"
require "doorkeeper/openid_connect"
require "rack/handler/puma"

class Server < Rails::Application
  config.root = ARGV[1]
  config.eager_load = false
  config.secret_key_base = "a key for a test, which is long enough for Rails to take it"
  config.log_level = :error
  config.hosts.clear
  config.consider_all_requests_local = true
end

class User < ActiveRecord::Base
end

Doorkeeper.configure do
  orm :active_record
  resource_owner_authenticator { User.find_by(id: session[:user]) || redirect_to("/login?to=#{CGI.escape(request.fullpath)}") }
  skip_authorization { true }
  use_refresh_token
  access_token_expires_in 3600
  default_scopes :openid
  optional_scopes :profile, :email
  grant_flows %w[authorization_code]
  force_ssl_in_redirect_uri false
  allow_blank_redirect_uri false
end

Doorkeeper::OpenidConnect.configure do
  issuer url
  signing_key OpenSSL::PKey::RSA.new(2048).to_pem
  subject_types_supported [:public]
  expiration 7200
  resource_owner_from_access_token { |token| User.find_by(id: token.resource_owner_id) }
  auth_time_from_resource_owner { |_user| Time.now }
  reauthenticate_resource_owner { |_user, to| redirect_to "/login?to=#{CGI.escape(to)}" }
  subject { |user, _application| user.id }
  protocol { :http }
  claims do
    normal_claim(:name, scope: :profile) { |user| user.name }
  end
end

class LoginsController < ActionController::Base


  def show
    to = ERB::Util.html_escape(params[:to])
    render html: %(<form method="post"><input name="user"><input name="to" value="#{to}"></form>).html_safe
  end

  def create
    session[:user] = User.find_by!(name: params[:user]).id
    redirect_to params[:to]
  end
end

Server.initialize!
Server.routes.draw do
  use_doorkeeper
  use_doorkeeper_openid_connect
  get "/login", to: "logins#show"
  post "/login", to: "logins#create"
end

ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:users) { |t| t.string :name }
  create_table :oauth_applications do |t|
    t.string :name, :uid, :secret, null: false
    t.text :redirect_uri, null: false
    t.string :scopes, null: false, default: ""
    t.boolean :confidential, null: false, default: true
    t.timestamps null: false
  end
  create_table :oauth_access_grants do |t|
    t.references :resource_owner, :application, null: false
    t.string :token, null: false
    t.integer :expires_in, null: false
    t.text :redirect_uri, null: false
    t.datetime :created_at, null: false
    t.datetime :revoked_at
    t.string :scopes, null: false, default: ""
    t.string :code_challenge, :code_challenge_method
  end
  create_table :oauth_access_tokens do |t|
    t.references :resource_owner
    t.references :application, null: false
    t.string :token, null: false
    t.string :refresh_token, :scopes
    t.integer :expires_in
    t.datetime :revoked_at
    t.datetime :created_at, null: false
    t.string :previous_refresh_token, null: false, default: ""
  end
  create_table :oauth_openid_requests do |t|
    t.references :access_grant, null: false
    t.string :nonce, null: false
  end
end
User.create!(name: "ada")
Doorkeeper::Application.create!(name: "The app", uid: client_id, redirect_uri: redirect_uri, confidential: false, scopes: "openid profile email")

Rack::Handler::Puma.run(Rails.application, Host: "127.0.0.1", Port: port, Threads: "4:4", Silent: true) do
  puts "listening"
  $stdout.flush
end
